/* The one table of rates: symbol, stable name, Chinese, English, numerator, what is taken from it,
 * denominator, what is taken from it, what stands beside as counts. Figures by their symbols in
 * figure_table.h, F(…) each. docs/figures.md says what they mean. No include guard: it is included
 * with RATE and F defined. */
RATE(ANSWERED, "answered", "响应率", "answered", F(ANSWERED), 0, F(CALLED_BACK), 0, 0)
RATE(SOLVED, "solved", "解决率", "solved", F(SOLVED), 0, F(SOLVED) | F(PARTLY) | F(NOT_SOLVED), 0,
     F(NOT_CONFIRMED))
RATE(SATISFIED, "satisfied", "满意率", "satisfied", F(SATISFIED), 0, F(RATED), 0, F(NOT_RATED))
RATE(IN_TIME, "in_time", "按期办结率", "in time", F(IN_TIME), 0, F(DUE), 0, 0)
RATE(IN_TIME_FIRST, "in_time_first", "按原期限办结率", "in time by the first limit",
     F(IN_TIME_FIRST), 0, F(DUE), 0, F(EXTENDED))
RATE(IN_TIME_UNSUSPENDED, "in_time_unsuspended", "按期办结率（不含曾挂账）",
     "in time, without the suspended", F(IN_TIME), F(IN_TIME_SUSPENDED), F(DUE), F(DUE_SUSPENDED),
     F(SUSPENDED) | F(RENEWED))
RATE(NOT_OPENED, "not_opened", "不予立案率", "not opened", F(NOT_OPENED), 0,
     F(OPENED) | F(NOT_OPENED), 0, F(OBJECTED))
RATE(REWORK, "rework", "返工率", "rework", F(REWORK), 0, F(CLOSED) | F(REWORK), 0,
     F(ANSWER_RETURNED))
RATE(HANDED_BACK, "handed_back", "退单率", "handed back", F(HANDED_BACK), 0, F(DUE), 0, 0)
RATE(UPHELD, "upheld", "退单成立率", "hand-backs upheld", F(HAND_BACK_UPHELD), 0, F(HANDED_BACK),
     0, 0)
RATE(REPEATED, "repeated", "重复率", "repeated", F(REPEATED), 0, F(OPENED), 0, 0)
