/** Scores rows with the champion in force at their date, inside Spark's generated code. */
package io.millrace.score;
