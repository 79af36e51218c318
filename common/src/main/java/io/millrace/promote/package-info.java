/**
 * Whether a challenger may become the champion: gates over stored metrics, each verdict with its
 * reason. What can't be judged blocks. Nothing here knows Spark.
 */
package io.millrace.promote;
