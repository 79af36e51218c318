/** Tells others of what was done: an MLflow server. Nothing of the lake depends on it. */
package io.millrace.jobs.mirror;
