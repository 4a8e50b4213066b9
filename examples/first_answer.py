"""Made-up patents in, a first answer with its quote out."""

from pathlib import Path
from tempfile import TemporaryDirectory

from dokhae import Study
from dokhae.sample import write


def main() -> None:
    with TemporaryDirectory() as folder:
        write(Path(folder, "files"), count=6, seed=7)  # or your own patents
        with Study.create(Path(folder, "camera.study")) as study:
            study.add([Path(folder, "files")])
            reply = study.ask_best("Which problem does the invention solve?", limit=3)[0]
            evidence = reply.answer.candidates[0].evidence
            print(f"{reply.patent.biblio.title}\n“{evidence.quote}”\n{evidence.place}")


if __name__ == "__main__":  # worker processes import this file
    main()
