/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The floor of the hand-off benchmark: what a frame's message costs between two C programs, with nothing of the library.
 *
 *   floor publisher PATH      listens on a SEQPACKET socket and sends
 *   floor consumer PATH       connects and receives
 *
 * Both obey the lines of their standard input, "MODE FRAMES RATE", as the Java programs of the benchmark do. A message
 * has the size of the library's own, and is received as there: a try that does not wait, then poll. With PAGES the
 * publisher writes a cache line of each page of a shared file, and the consumer reads it, before the time is taken.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>

#include "peer.h"

#define PAGE 4096

struct message {
    int64_t published;
    int64_t last;
    char rest[40];
};

static int fd;
static volatile char *memory;
static long bytes;

static void send_message(const struct message *message) {
    while (send(fd, message, sizeof *message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        if (errno != EAGAIN) {
            die("send");
        }
        await(fd, POLLOUT);
    }
}

static void receive_message(struct message *message) {
    ssize_t size;
    while ((size = recv(fd, message, sizeof *message, MSG_DONTWAIT)) != sizeof *message) {
        if (size >= 0 || errno != EAGAIN) {
            die("recv");
        }
        await(fd, POLLIN);
    }
}

static void write_pages(char value) {
    for (long at = 0; at < bytes; at += PAGE) {
        memory[at] = value;
    }
}

static char read_pages(void) {
    char sum = 0;
    for (long at = 0; at < bytes; at += PAGE) {
        sum += memory[at];
    }
    return sum;
}

static void publish(const char *mode, long frames, double rate) {
    int ping_pong = strcmp(mode, "ping-pong") == 0;
    int paced = strcmp(mode, "paced") == 0;
    struct message message = {0}, acknowledgement;
    int64_t start = now(CLOCK_MONOTONIC);
    for (long i = 0; i < frames; i++) {
        if (paced) {
            sleep_until(start + (int64_t)((i + 1) * 1e9 / rate));
        }
        write_pages((char)i);
        message.last = i == frames - 1;
        message.published = now(CLOCK_MONOTONIC);
        send_message(&message);
        if (ping_pong) {
            receive_message(&acknowledgement);
        }
    }
    printf("0 %lld\n", (long long)(now(CLOCK_MONOTONIC) - start));
}

static void consume(const char *mode, long frames) {
    int ping_pong = strcmp(mode, "ping-pong") == 0;
    int64_t *latencies = calloc(frames, sizeof *latencies);
    volatile char seen = 0;
    struct message message = {0};
    long count = 0;
    ready();
    while (!message.last) {
        receive_message(&message);
        seen += read_pages();
        latencies[count++] = now(CLOCK_MONOTONIC) - message.published;
        if (ping_pong) {
            send_message(&message);
        }
    }
    print_latencies(latencies, count);
    free(latencies);
}

static void open_memory(const char *path, long size) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, size) < 0) {
        die(path);
    }
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (mapped == MAP_FAILED) {
        die("mmap");
    }
    close(file);
    memory = mapped;
    bytes = size;
}

int main(int count, char **arguments) {
    if (count != 3 && count != 5) {
        fprintf(stderr, "usage: floor publisher|consumer PATH [FILE BYTES]\n");
        return 2;
    }
    int publisher = strcmp(arguments[1], "publisher") == 0;
    if (count == 5) {
        open_memory(arguments[3], atol(arguments[4]));
    }
    fd = connect_to(arguments[2], publisher);
    if (fd < 0) {
        die("accept");
    }
    char mode[16];
    long frames;
    double rate;
    while (scanf("%15s %ld %lf", mode, &frames, &rate) == 3) {
        if (publisher) {
            publish(mode, frames, rate);
        } else {
            consume(mode, frames);
        }
        fflush(stdout);
    }
    return 0;
}
