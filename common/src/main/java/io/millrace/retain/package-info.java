/**
 * What of the lake is kept and what may be deleted: pins of people, pins that follow from
 * promotions and releases, and the vacuum that deletes the rest.
 */
package io.millrace.retain;
