/**
 * Labelled rows become a challenger and a baseline. {@link io.millrace.train.Splitter} says which
 * rows train, {@link io.millrace.train.Trainer} places them on logical workers, fits encoders and
 * learners (XGBoost4J, Spark MLlib) and converts what they found into a predictor of {@link
 * io.millrace.model}, which must give the library's own scores.
 *
 * <p>The same set of rows, spec and number of workers give the same bits on any cluster: rows stand
 * in one order on each worker, XGBoost's workers are ranked by their task, a worker has one thread,
 * and MLlib runs on two partitions at the most.
 */
package io.millrace.train;
