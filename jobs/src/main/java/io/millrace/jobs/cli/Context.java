package io.millrace.jobs.cli;

import io.millrace.jobs.console.Console;
import java.time.Clock;
import java.util.function.Supplier;

/** What a command works with; the verbs are made only when one is called. */
record Context(Supplier<Verbs> verbs, Console console, Clock clock) {}
