/** What a person or a log sees of a running command. Knows no Spark. */
package io.millrace.jobs.console;
