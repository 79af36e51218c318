/** Whether a challenger may become the champion: gates over stored metrics, each with a reason. */
package io.millrace.promote;
