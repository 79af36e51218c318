/**
 * A model is encoders and a predictor: plain Java from a raw row to its scores, the same code in
 * training, in batch scoring and off Spark. Nothing here knows Spark or a training library.
 */
package io.millrace.model;
