/**
 * The command line: from words to a {@link io.millrace.jobs.cli.Verbs} call, and from a fault to a
 * message and an exit code. What the verbs do is known elsewhere.
 */
package io.millrace.jobs.cli;
