/**
 * The Spark session of a process: made at its first use, configured for the place, closed at the
 * end.
 */
package io.millrace.jobs.session;
