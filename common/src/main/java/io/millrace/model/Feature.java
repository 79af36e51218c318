package io.millrace.model;

import io.millrace.config.FeaturesSpec.FeatureKind;
import java.io.Serializable;

/**
 * A raw feature: its column and how it is read. In a features table NUMERIC is a double, CATEGORY a
 * string and BOOLEAN a boolean column.
 */
public record Feature(String name, FeatureKind kind) implements Serializable {}
