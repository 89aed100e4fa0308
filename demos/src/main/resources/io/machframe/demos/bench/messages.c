/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The floor of the messages benchmark: what the library's messages cost two C programs that use the same kind of socket
 * in the same way, with nothing of the library.
 *
 *   messages publisher PATH CARGO SENDERS   listens on a SEQPACKET socket and sends
 *   messages consumer PATH CARGO SENDERS    connects and receives
 *   messages local                          measures calls within one process
 *
 * A message has 100 bytes. With the cargo "right" it carries the two descriptors that a send right is made of, which the
 * receiver closes. Both obey the lines of their standard input, "MODE COUNT RATE", as the Java programs do; a local one
 * obeys "CALLS COUNT" and answers with the nanoseconds of CPU that each took.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>

#include "peer.h"

struct message {
    int64_t sent;
    char rest[92];
};

static int fd;
static int carries_right;
static int senders;
static int right[2];

static void send_message(int socket, struct message *message, int with_right) {
    struct iovec bytes = {message, sizeof *message};
    union {
        char bytes[CMSG_SPACE(sizeof right)];
        struct cmsghdr align;
    } control;
    struct msghdr header = {.msg_iov = &bytes, .msg_iovlen = 1};
    if (with_right) {
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof right);
        memcpy(CMSG_DATA(rights), right, sizeof right);
    }
    while (sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        if (errno != EAGAIN) {
            die("sendmsg");
        }
        await(socket, POLLOUT);
    }
}

/* Returns how many descriptors came along. */
static int receive_message(int socket, struct message *message, int received[2]) {
    struct iovec bytes = {message, sizeof *message};
    union {
        char bytes[CMSG_SPACE(sizeof right)];
        struct cmsghdr align;
    } control;
    struct msghdr header;
    ssize_t size;
    do {
        header = (struct msghdr){.msg_iov = &bytes, .msg_iovlen = 1};
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
        size = recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (size < 0 && errno == EAGAIN) {
            await(socket, POLLIN);
        }
    } while (size < 0 && errno == EAGAIN);
    if (size != sizeof *message) {
        die("recvmsg");
    }
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    if (rights == NULL) {
        return 0;
    }
    memcpy(received, CMSG_DATA(rights), sizeof right);
    return 2;
}

static long each_count;

static void *send_freely(void *unused) {
    struct message message = {0};
    for (long i = 0; i < each_count; i++) {
        message.sent = now(CLOCK_MONOTONIC);
        send_message(fd, &message, carries_right);
    }
    return unused;
}

static void publish_freely(long count) {
    pthread_t threads[64];
    each_count = count / senders;
    for (int i = 0; i < senders; i++) {
        pthread_create(&threads[i], NULL, send_freely, NULL);
    }
    for (int i = 0; i < senders; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void publish(const char *mode, long count, double rate) {
    int ping_pong = strcmp(mode, "ping-pong") == 0;
    int paced = strcmp(mode, "paced") == 0;
    struct message message = {0}, acknowledgement;
    int none[2];
    int64_t start = now(CLOCK_MONOTONIC);
    if (!paced && !ping_pong) {
        publish_freely(count);
    } else {
        for (long i = 0; i < count; i++) {
            if (paced) {
                sleep_until(start + (int64_t)((i + 1) * 1e9 / rate));
            }
            message.sent = now(CLOCK_MONOTONIC);
            send_message(fd, &message, carries_right);
            if (ping_pong) {
                receive_message(fd, &acknowledgement, none);
            }
        }
    }
    printf("0 %lld\n", (long long)(now(CLOCK_MONOTONIC) - start));
}

static void consume(const char *mode, long frames) {
    int ping_pong = strcmp(mode, "ping-pong") == 0;
    long count = frames / senders * senders;
    int64_t *latencies = calloc(count, sizeof *latencies);
    struct message message;
    ready();
    for (long i = 0; i < count; i++) {
        int received[2];
        int rights = receive_message(fd, &message, received);
        latencies[i] = now(CLOCK_MONOTONIC) - message.sent;
        while (rights > 0) {
            close(received[--rights]);
        }
        if (ping_pong) {
            send_message(fd, &message, 0);
        }
    }
    print_latencies(latencies, count);
    free(latencies);
}

/* The descriptors of a port as the library makes them, with the settings it makes. */
static void make_port(int ends[2], int pipe_ends[2]) {
    int one = 1, size = 1024 * 1024;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0
            || pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) < 0) {
        die("socketpair");
    }
    setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

static void close_port(int ends[2], int pipe_ends[2]) {
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(pipe_ends[i]);
    }
}

static void local(const char *calls, long count) {
    int ends[2], pipe_ends[2], none[2];
    struct message message = {0};
    int ports = strcmp(calls, "port") == 0;
    if (!ports) {
        make_port(ends, pipe_ends);
    }
    int64_t start = now(CLOCK_THREAD_CPUTIME_ID);
    for (long i = 0; i < count; i++) {
        if (ports) {
            make_port(ends, pipe_ends);
            close_port(ends, pipe_ends);
        } else {
            send_message(ends[0], &message, 0);
            receive_message(ends[1], &message, none);
        }
    }
    int64_t nanos = now(CLOCK_THREAD_CPUTIME_ID) - start;
    if (!ports) {
        close_port(ends, pipe_ends);
    }
    printf("0 %f\n", (double)nanos / count);
}

int main(int count, char **arguments) {
    char mode[16];
    long frames;
    double rate;
    if (count == 2 && strcmp(arguments[1], "local") == 0) {
        ready();
        while (scanf("%15s %ld", mode, &frames) == 2) {
            local(mode, frames);
            fflush(stdout);
        }
        return 0;
    }
    if (count != 5) {
        fprintf(stderr, "usage: messages publisher|consumer PATH bytes|right SENDERS\n");
        return 2;
    }
    int publisher = strcmp(arguments[1], "publisher") == 0;
    carries_right = strcmp(arguments[3], "right") == 0;
    senders = atoi(arguments[4]);
    int pair[2], ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 || pipe2(ends, O_CLOEXEC) < 0) {
        die("socketpair");
    }
    right[0] = pair[0];
    right[1] = ends[0];
    fd = connect_to(arguments[2], publisher);
    int size = 1024 * 1024;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) < 0) {
        die("accept");
    }
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
