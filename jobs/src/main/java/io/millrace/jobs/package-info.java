/** The program: the command line, its verbs, and one small class per stage; no arithmetic here. */
package io.millrace.jobs;
