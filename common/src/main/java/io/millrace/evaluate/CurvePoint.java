package io.millrace.evaluate;

/**
 * A point of a curve.
 *
 * @param curve {@code roc}, {@code precision-recall}, {@code gain}, {@code calibration}, {@code
 *     confusion} or {@code importance}
 * @param x false positive rate; recall; share of rows, best first; mean prediction; index of the
 *     true class; 0
 * @param y true positive rate; precision; share of positives; mean label; index of the predicted
 *     class; importance
 * @param label the score from which on rows count as positive; name of the true class; feature;
 *     else empty
 * @param rows rows that count as positive; of the bin; of the cell; 0
 */
public record CurvePoint(String curve, double x, double y, String label, long rows) {}
