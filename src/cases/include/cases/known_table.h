/* The one table of fields that the engine itself reads or fills: symbol, name in case types, kind.
 * A type has those it needs; proof 5 sees to the kind. No include guard: it is included with KNOWN
 * defined. docs/writing-a-case-type.md shows this table. */
KNOWN(CATEGORY, "category", CATEGORY)              /* decides limits, priority, checks, units */
KNOWN(PRIORITY, "priority", CHOICE)                /* "1" to "4"; the category's where not filled */
KNOWN(PLACE, "place", PLACE)                       /* decides areas and components */
KNOWN(CHANNEL, "channel", CHOICE)                  /* how it came in */
KNOWN(HAS_REPORTER, "has_reporter", YES_NO)        /* no: closed by checks, counted apart */
KNOWN(CONFIDENTIAL, "confidential", YES_NO)        /* the other side is not told who reports */
KNOWN(DRILL, "drill", YES_NO)                      /* the whole chain runs, nothing counts */
KNOWN(LEAD_UNIT, "lead_unit", UNIT)                /* by the responsibilities where not filled */
KNOWN(JOINT_UNIT, "joint_unit", UNIT)              /* of the joint part added last */
KNOWN(JOINT_UNTIL, "joint_until", DATE)             /* when that part is due; each keeps its own */
KNOWN(GROUND_CHECK, "ground_check", YES_NO)        /* yes where it says G, or nobody can be asked */
KNOWN(NEEDS_RECEIPT, "needs_receipt", YES_NO)      /* yes where it says D */
KNOWN(NEEDS_MEASUREMENT, "needs_measurement", YES_NO) /* yes where it says M */
KNOWN(LINKED_CASE, "linked_case", CASE)            /* joined to, merged into, split off */
KNOWN(MOTHER_CASE, "mother_case", CASE)            /* one answer reaches all its children */
KNOWN(PARTLY, "partly", YES_NO)                    /* with "not solved": partly solved */
KNOWN(CALLBACK_TRIES, "callback_tries", COUNT)       /* "not solved" sets it back to 0 */
KNOWN(ANSWER_RATE, "answer_rate", CHOICE)          /* "1" to "5" */
