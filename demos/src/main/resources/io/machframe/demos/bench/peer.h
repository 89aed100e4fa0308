/* SPDX-License-Identifier: Apache-2.0 */

/* What the C programs of the benchmarks have in common. Included once by each, after _GNU_SOURCE is defined. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void ready(void) {
    printf("ready\n");
    fflush(stdout);
}

static inline void sleep_until(int64_t when) {
    struct timespec time = {when / 1000000000, when % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
    }
}

static inline void await(int socket, short events) {
    struct pollfd descriptor = {socket, events, 0};
    if (poll(&descriptor, 1, -1) < 0 && errno != EINTR) {
        die("poll");
    }
}

/* Prints what a consumer answers: no garbage, no frame lost, and each latency. */
static inline void print_latencies(const int64_t *latencies, long count) {
    printf("0 0");
    for (long i = 0; i < count; i++) {
        printf(" %lld", (long long)latencies[i]);
    }
    printf("\n");
}

/* Returns the socket that connects the two, or less than 0. */
static inline int connect_to(const char *path, int publisher) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int made = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (made < 0) {
        die("socket");
    }
    if (publisher && (bind(made, (struct sockaddr *)&address, sizeof address) < 0 || listen(made, 1) < 0)) {
        die(path);
    }
    if (!publisher && connect(made, (struct sockaddr *)&address, sizeof address) < 0) {
        die(path);
    }
    ready();
    return publisher ? accept4(made, NULL, NULL, SOCK_CLOEXEC) : made;
}
