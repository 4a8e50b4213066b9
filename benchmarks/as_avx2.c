/* Makes a program see a CPU without AVX-512, VNNI and AMX: an ordinary machine of 2013 to 2020, for benchmarks.
 *
 *     gcc -O2 -shared -fPIC -o as_avx2.so benchmarks/as_avx2.c
 *     LD_PRELOAD=./as_avx2.so python benchmarks/fields.py STUDY
 *
 * Linux on x86-64 whose CPU lets CPUID be intercepted ("cpuid_fault" in /proc/cpuinfo).  The instruction then raises
 * SIGSEGV; the handler executes it, takes those bits away (Intel SDM, vol. 2A, CPUID, leaf 7), and goes on behind it.
 * With AS_VNNI=1 AVX-512 and VNNI stay and only AMX is taken away.
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef ARCH_SET_CPUID
#define ARCH_SET_CPUID 0x1012
#endif

static int keeps_vnni;

static void let_cpuid(long allowed) { syscall(SYS_arch_prctl, ARCH_SET_CPUID, allowed); }

static void without(uint32_t *word, uint32_t bits) { *word &= ~bits; }

static void answer(int signal_number, siginfo_t *info, void *context) {
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const uint8_t *code = (const uint8_t *)registers[REG_RIP];
    if (code[0] != 0x0f || code[1] != 0xa2) { /* a fault like any other */
        signal(SIGSEGV, SIG_DFL);
        return;
    }
    uint32_t leaf = registers[REG_RAX], sub = registers[REG_RCX], a, b, c, d;
    let_cpuid(1);
    __cpuid_count(leaf, sub, a, b, c, d);
    let_cpuid(0);
    if (leaf == 7 && sub == 0) {
        without(&d, 1u << 22 | 1u << 24 | 1u << 25); /* AMX */
        if (!keeps_vnni) {
            without(&b, 1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31);
            without(&c, 1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14);
            without(&d, 1u << 2 | 1u << 3 | 1u << 8 | 1u << 23);
        }
    }
    if (leaf == 7 && sub == 1) {
        without(&a, 1u << 21);                             /* AMX-FP16 */
        without(&a, keeps_vnni ? 0 : 1u << 4 | 1u << 5 | 1u << 23); /* AVX-VNNI, AVX-512 BF16, AVX-IFMA */
        without(&d, keeps_vnni ? 0 : 1u << 4 | 1u << 5 | 1u << 10 | 1u << 19); /* AVX-VNNI-INT8 and the like, AVX10 */
    }
    registers[REG_RAX] = a, registers[REG_RBX] = b, registers[REG_RCX] = c, registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
    (void)signal_number, (void)info;
}

__attribute__((constructor)) static void begin(void) {
    keeps_vnni = getenv("AS_VNNI") != NULL;
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &action, NULL);
    if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0L) != 0) {
        fputs("as_avx2: this CPU or kernel does not let CPUID be intercepted\n", stderr);
        _exit(1);
    }
}
