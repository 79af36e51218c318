/**
 * A model as a Spark expression: scores rows inside Spark's generated code by the same plain Java
 * as everywhere else. Which model that is, and of which date, is decided elsewhere.
 */
package io.millrace.score;
