package io.millrace.train;

import java.util.Map;

/**
 * One try of the random search.
 *
 * @param number 0 for the spec's own settings
 * @param settings that were drawn, by the algorithm's key; sorted; empty for number 0
 * @param metric the metric's name
 * @param value on the rows that tune
 * @param chosen whether its settings won
 */
public record Trial(
    int number, Map<String, Double> settings, String metric, double value, boolean chosen) {}
