"""Made-up patents in, a first answer with its quote out."""

from pathlib import Path
from tempfile import TemporaryDirectory

from dokhae import Study
from dokhae.sample import write


def main() -> None:
    with TemporaryDirectory() as folder:
        write(Path(folder, "sample"), count=30, seed=7)
        with Study.create(Path(folder, "camera.study")) as study:
            study.add([Path(folder, "sample", "patents")])  # or your own files
            for reply in study.ask_best("How is the lens kept from inclining during focusing?", limit=3):
                if reply.evidence:
                    print(f"{reply.patent.biblio.title}, {reply.evidence.place}:\n  “{reply.evidence.quote}”")


if __name__ == "__main__":  # worker processes import this file
    main()
