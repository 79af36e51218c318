package io.millrace.monitor;

import io.millrace.config.MonitorSpec.Distance;
import java.util.OptionalDouble;

/**
 * How far a column is from its reference, by one measure.
 *
 * @param metric the measure
 * @param value the distance as measured
 * @param byChance its mean, were reference and current rows drawn from one distribution; of
 *     jensen-shannon the root of the mean of its square
 * @param exceededByChance what chance alone exceeds in 1 of 100 cases; absent of wasserstein, for
 *     which it isn't known
 * @param beyondChance the value less what chance gives, never negative; this is compared with the
 *     limits. Of jensen-shannon squares are subtracted, as those are what adds up
 * @param pValue the chance of a difference at least as large
 */
public record Measure(
    Distance metric,
    double value,
    double byChance,
    OptionalDouble exceededByChance,
    double beyondChance,
    double pValue) {}
