/**
 * Judges from measures of columns whether features, predictions and labels have changed, whether a
 * date is kept back for it, and whether the model should be trained again.
 */
package io.millrace.monitor;
