/**
 * Giving the program to a cluster: finds spark-submit, makes its command line, runs it, and brings
 * back the exit code and what was said. Knows no Spark.
 */
package io.millrace.jobs.submit;
