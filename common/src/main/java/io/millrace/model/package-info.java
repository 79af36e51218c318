/**
 * A model is encoders and a predictor: plain Java from a raw row to its scores, the same code in
 * training, in batch scoring and off Spark. Nothing here knows Spark or a training library.
 *
 * <p>What each encoder makes of a value that isn't an ordinary one:
 *
 * <table>
 * <caption>Rules of the encoders</caption>
 * <tr><th>encoder</th><th>null</th><th>NaN, infinities</th><th>-0.0</th>
 *     <th>beyond 2^126, below float</th><th>empty string</th><th>unseen or rare level</th></tr>
 * <tr><td>numeric</td><td>imputed, or NaN</td><td>as null</td><td>0</td>
 *     <td>&#177;2^126 after scaling; 0</td><td>-</td><td>-</td></tr>
 * <tr><td>one-hot</td><td>all slots 0</td><td>-</td><td>-</td><td>-</td>
 *     <td>a level</td><td>the last slot 1</td></tr>
 * <tr><td>ordinal</td><td>NaN</td><td>-</td><td>-</td><td>-</td>
 *     <td>a level</td><td>code n, one more than the last</td></tr>
 * <tr><td>frequency</td><td>share of nulls</td><td>-</td><td>-</td><td>-</td>
 *     <td>a level</td><td>0</td></tr>
 * <tr><td>target</td><td>smoothed mean of nulls</td><td>-</td><td>-</td><td>-</td>
 *     <td>a level</td><td>the prior</td></tr>
 * <tr><td>boolean</td><td>NaN, or the share of trues</td><td>-</td><td>-</td><td>-</td>
 *     <td>-</td><td>-</td></tr>
 * </table>
 *
 * <p>In a tree a NaN slot goes where the split sends missing values. Code n of an ordinal stands
 * for all levels beyond the kept ones; where training rows had none of them, no set holds n, and
 * every set split sends it left, as XGBoost does with a category that it has never seen.
 */
package io.millrace.model;
