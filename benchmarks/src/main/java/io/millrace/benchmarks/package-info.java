/** Measurements side by side with peers, in one process and on the same rows. */
package io.millrace.benchmarks;
