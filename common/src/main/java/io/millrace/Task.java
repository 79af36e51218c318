package io.millrace;

/** What a prediction task predicts. */
public enum Task {
  /** One of two classes; the score is the probability of the positive one. */
  BINARY,
  /** One of K classes; the scores are K probabilities. */
  MULTI_CLASS,
  /** A number: its mean, or a quantile of it. */
  REGRESSION
}
