/* Moves the wall clock of the process it is preloaded into: gettimeofday and clock_gettime(CLOCK_REALTIME) by the number
 * of microseconds in the file CHAOS_CLOCK_FILE, which is mapped, so that it can be stepped while the process runs. Other
 * clocks are left alone. libfaketime cannot run redis-server: it recurses through jemalloc. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t none = 0;
static volatile int64_t *offset_us = &none;

__attribute__((constructor)) static void map_offset(void) {
  const char *path = getenv("CHAOS_CLOCK_FILE");
  if (!path) return;
  int file = open(path, O_RDONLY);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) offset_us = mapped;
}

/* The system call itself: no symbol lookup, so nothing is allocated. */
int clock_gettime(clockid_t id, struct timespec *ts) {
  int result = (int)syscall(SYS_clock_gettime, id, ts);
  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
    int64_t ns = (int64_t)ts->tv_nsec + (*offset_us % 1000000) * 1000;
    ts->tv_sec += *offset_us / 1000000;
    if (ns >= 1000000000) { ns -= 1000000000; ts->tv_sec += 1; }
    if (ns < 0) { ns += 1000000000; ts->tv_sec -= 1; }
    ts->tv_nsec = (long)ns;
  }
  return result;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz) {
  (void)tz;
  struct timespec ts;
  int result = clock_gettime(CLOCK_REALTIME, &ts);
  if (tv) { tv->tv_sec = ts.tv_sec; tv->tv_usec = ts.tv_nsec / 1000; }
  return result;
}

time_t time(time_t *out) {
  struct timespec ts;
  clock_gettime(CLOCK_REALTIME, &ts);
  if (out) *out = ts.tv_sec;
  return ts.tv_sec;
}
