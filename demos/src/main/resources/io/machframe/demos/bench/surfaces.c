/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The floor of the benchmark of surfaces: the system calls that the library makes for a surface of 1920x1080, made by C
 * with nothing of the library. Fills and copies into the library's own surface, a file and where its pixels begin, which
 * are the arguments: other pages of memory would be faster or slower. Says "ready", obeys the lines of its standard input,
 * "WORK TIMES", and answers each with the time of all of them on a CPU, in nanoseconds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

#define PIXELS (1920L * 1080 * 4)
#define ALLOCATED (4096 + 1920L * 1080 * 4)
#define ATTACHMENTS (512 * 1024)
#define LARGE (3840L * 2160 * 4)

static int shared;
static int question;
static char *plane;
static char *picture;
static volatile int sink;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int check(int result, const char *what) {
    if (result < 0) {
        die(what);
    }
    return result;
}

static char *map(int fd, long size) {
    char *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (address == MAP_FAILED) {
        die("mmap");
    }
    return address;
}

/* Puts empty memory over the surface before the addresses are given back, as the library must. */
static void unmap(char *address, long size) {
    mmap(address, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    munmap(address, size);
}

static int open_again(int fd, int access) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return check(open(path, access | O_CLOEXEC), "open");
}

static long whole_size(void) {
    return ((ALLOCATED + 4095) & -4096L) + ATTACHMENTS;
}

static void examine(int fd) {
    struct statx status;
    check(fcntl(fd, F_GET_SEALS), "F_GET_SEALS");
    check(statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status), "statx");
    sink = (int) status.stx_ino;
}

static int make(void) {
    int fd = check(memfd_create("floor", MFD_CLOEXEC | MFD_ALLOW_SEALING | 8), "memfd_create");
    check(fallocate(fd, 0, 0, (ALLOCATED + 4095) & -4096L), "fallocate");
    check(ftruncate(fd, whole_size()), "ftruncate");
    check(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), "F_ADD_SEALS");
    return fd;
}

static void create(void) {
    int fd = make();
    examine(fd);
    char *address = map(fd, whole_size());
    memset(address, 1, 2048);
    unmap(address, whole_size());
    close(fd);
}

static void receive(void) {
    int received = check(fcntl(shared, F_DUPFD_CLOEXEC, 0), "dup");
    struct statfs system;
    examine(received);
    check(fstatfs(received, &system), "fstatfs");
    examine(received);
    check(fcntl(received, F_GET_SEALS), "F_GET_SEALS");
    int fd = open_again(received, O_RDWR);
    close(received);
    struct statx status;
    check(statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status), "statx");
    char *address = map(fd, whole_size());
    char description[4096];
    memcpy(description, address, sizeof description);
    sink = description[100];
    unmap(address, whole_size());
    close(fd);
}

static void in_use(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    check(fcntl(question, F_OFD_GETLK, &lock), "F_OFD_GETLK");
    sink = lock.l_type;
}

static void port(void) {
    int fd = open_again(question, O_RDONLY);
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    check(fcntl(fd, F_OFD_SETLK, &lock), "F_OFD_SETLK");
    examine(fd);
    close(fd);
}

static void fill(void) {
    memset(plane, sink, LARGE);
}

static void copy(void) {
    memcpy(plane, picture, LARGE);
}

static const struct {
    const char *name;
    void (*run)(void);
} works[] = {{"create", create}, {"receive", receive}, {"in-use", in_use},
             {"port", port},     {"fill", fill},       {"copy", copy}};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
    char name[32];
    long times;
    if (count != 3) {
        return 2;
    }
    shared = make();
    question = open_again(shared, O_RDWR);
    long start = atol(arguments[2]);
    plane = map(check(open(arguments[1], O_RDWR | O_CLOEXEC), "open"), start + LARGE) + start;
    picture = malloc(LARGE);
    memset(picture, 3, LARGE);
    memset(plane, 3, LARGE); /* what the first access costs is not measured */
    puts("ready");
    fflush(stdout);
    while (scanf("%31s %ld", name, &times) == 2) {
        for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
            if (strcmp(name, works[i].name) == 0) {
                int64_t begun = now();
                for (long j = 0; j < times; j++) {
                    works[i].run();
                }
                printf("%lld\n", (long long) (now() - begun));
                fflush(stdout);
            }
        }
    }
    return 0;
}
