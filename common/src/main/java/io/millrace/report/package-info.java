/**
 * Pages of what is known of a pipeline at a date, as HTML that needs nothing beside it: no script,
 * no font, no picture, no request. A page is made of rows of tables alone ({@link
 * io.millrace.report.ReportSource}); the same rows give the same bytes. Templates escape every
 * value. Nothing here knows Spark.
 */
package io.millrace.report;
