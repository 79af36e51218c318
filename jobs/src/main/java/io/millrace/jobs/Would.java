package io.millrace.jobs;

import java.util.Locale;

/** What a command would do about a stage of a date. */
enum Would {
  /** It writes what isn't there yet. */
  RUN,
  /** It writes anew what would come out otherwise. */
  REWRITE,
  /** It finds all there. */
  SKIP,
  /** A rule or fault that is known beforehand keeps it from writing. */
  BLOCKED,
  /** What a stage before it finds decides. */
  UNKNOWN;

  /** As plans write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Would of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Whether it surely writes. */
  boolean writes() {
    return this == RUN || this == REWRITE;
  }
}
