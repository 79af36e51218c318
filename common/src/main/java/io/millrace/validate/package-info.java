/**
 * Measures all columns of rows and judges each row, in one scan.
 *
 * <p>{@link io.millrace.validate.Profiler} only measures, {@link io.millrace.validate.Validator}
 * also judges. What a scan collects has integer or exact states, so that the same rows give the
 * same bits whatever the partitions and their order.
 */
package io.millrace.validate;
