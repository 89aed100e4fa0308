/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The part that every stub library has in common. The functions that stand in for the system's are generated behind it
 * from the ABI table: each logs what it was given and answers what it was told to. Calls of several threads take turns.
 *
 * A line of the log, widths in bytes, values in hexadecimal, memory behind a pointer after a bar:
 *
 *   mach_port_type 4:00000203 4:00001007 8:00007f5a14001040|00000000 = 4:00000000
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS = 16, MEMORY = 1024, LOG = 1 << 20, STRING = -1 };

struct parameter {
    int read;    /* how many bytes to log of the memory it points to; STRING: up to the final 0 */
    int written; /* how many bytes to write there, after that */
    unsigned char bytes[MEMORY];
};

struct function {
    const char *name;
    uint64_t answer;
    uint64_t step; /* what every call adds to the answer */
    struct parameter parameters[PARAMETERS];
};

/* Generated; ends with an element without a name. Hidden, since several stubs can be loaded at once. */
extern struct function stub_functions[] __attribute__((visibility("hidden")));

static char log_text[LOG];
static char log_copy[LOG];
static size_t log_size;
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void lock(void) {
    while (atomic_flag_test_and_set(&busy)) {
    }
}

static void unlock(void) {
    atomic_flag_clear(&busy);
}

static void log_string(const char *text) {
    size_t size = strlen(text);
    if (log_size + size >= LOG) {
        fputs("the stub's log is full\n", stderr);
        abort();
    }
    memcpy(log_text + log_size, text, size + 1);
    log_size += size;
}

static void log_bytes(const unsigned char *bytes, size_t size) {
    char digits[3];
    for (size_t i = 0; i < size; i++) {
        snprintf(digits, sizeof digits, "%02x", bytes[i]);
        log_string(digits);
    }
}

static void log_value(const void *value, size_t width) {
    char text[32];
    uint64_t bits = 0;
    memcpy(&bits, value, width); /* little-endian */
    snprintf(text, sizeof text, " %zu:%0*llx", width, (int) width * 2, (unsigned long long) bits);
    log_string(text);
}

/* Not every stub has a function with a pointer. */
__attribute__((unused)) static void log_memory(struct function *self, int index, void *memory) {
    struct parameter *parameter = &self->parameters[index];
    if (parameter->read != 0) {
        log_string("|");
        log_bytes(memory, parameter->read == STRING ? strlen(memory) : (size_t) parameter->read);
    }
    if (parameter->written != 0) {
        memcpy(memory, parameter->bytes, (size_t) parameter->written);
    }
}

static void begin(struct function *self) {
    lock();
    log_string(self->name);
}

static uint64_t end(struct function *self, size_t width) {
    uint64_t bits = self->answer;
    self->answer += self->step;
    log_string(" =");
    log_value(&bits, width);
    log_string("\n");
    unlock();
    return bits;
}

static struct function *find(const char *name) {
    for (struct function *function = stub_functions; function->name != NULL; function++) {
        if (strcmp(function->name, name) == 0) {
            return function;
        }
    }
    return NULL;
}

static struct parameter *find_parameter(const char *name, int index) {
    struct function *function = find(name);
    return function == NULL || index < 0 || index >= PARAMETERS ? NULL : &function->parameters[index];
}

/*
 * What the tests call. An answer of -1: no such function or parameter, or too many bytes. None calls another: with
 * several stubs loaded that could be another stub's.
 */

int stub_answer(const char *name, uint64_t answer, uint64_t step) {
    struct function *function = find(name);
    if (function == NULL) {
        return -1;
    }
    function->answer = answer;
    function->step = step;
    return 0;
}

int stub_read(const char *name, int index, int size) {
    struct parameter *parameter = find_parameter(name, index);
    if (parameter == NULL) {
        return -1;
    }
    parameter->read = size;
    return 0;
}

int stub_write(const char *name, int index, const void *bytes, int size) {
    struct parameter *parameter = find_parameter(name, index);
    if (parameter == NULL || size < 0 || size > MEMORY) {
        return -1;
    }
    memcpy(parameter->bytes, bytes, (size_t) size);
    parameter->written = size;
    return 0;
}

const char *stub_log(void) {
    lock();
    memcpy(log_copy, log_text, log_size + 1);
    unlock();
    return log_copy;
}

static void forget(void) {
    log_size = 0;
    log_text[0] = 0;
}

void stub_forget(void) {
    lock();
    forget();
    unlock();
}

void stub_reset(void) {
    lock();
    forget();
    for (struct function *function = stub_functions; function->name != NULL; function++) {
        *function = (struct function) {.name = function->name};
    }
    unlock();
}
