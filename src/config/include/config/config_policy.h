/* policy.yaml: who may, read into the rules of trust/policy.h. How something is written is told
 * with file, line, column and remedy; whether it holds is for policy_prove. Depends on
 * config_yaml.h. */
#ifndef LIREN_CONFIG_POLICY_H
#define LIREN_CONFIG_POLICY_H

#include "config/config_yaml.h"
#include "trust/policy.h"

/* ERR_BAD_INPUT, ERR_TOO_LARGE or ERR_NO_MEMORY with the problem filled in (it may be NULL); *ret
 * changes only on success, lives in the arena, and still has to be proven. `name` stays in place as
 * long as the result. */
enum err config_policy_read(struct str name, struct str text, struct arena *arena,
			    struct problem *problem, struct policy *ret) MUST_CHECK;

#endif
