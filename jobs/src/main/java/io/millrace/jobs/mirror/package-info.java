/**
 * Tells others of what was done: an MLflow server, a receiver of OpenLineage events. Nothing of the
 * lake depends on it.
 */
package io.millrace.jobs.mirror;
