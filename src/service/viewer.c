/* What a viewer sees, by unit and area. */
#include "service/viewer.h"

bool viewer_may_see(const struct viewer *v, const struct queue_row *row)
{
	switch (v->kind) {
	case VIEWER_NOBODY:
		return false;
	case VIEWER_COMMUNITY:
		return true;
	case VIEWER_PART:
		break;
	}
	if (row->unit.n > 0 && str_eq(row->unit, str_of(v->unit)))
		return true;
	for (unsigned i = 0; i < v->areas_n; i++)
		if (row->area.n > 0 && str_eq(row->area, str_of(v->area[i])))
			return true;
	return false;
}
