/* Proof 7: nothing grades, lists, tags or recognises a person. The words are compiled in, so that
 * no file can take one off. A word is refused wherever it names a field, a choice, a condition, an
 * outcome or an item, about whatever it says it is. */
#include "resolve.h"

/* Between these a name is cut into words, so "face" is refused and "surface" is not. */
static const char *const english[] = {
    /* a grade, a mark, a list */
    "score",
    "scores",
    "scoring",
    "grade",
    "grades",
    "grading",
    "graded",
    "rank",
    "ranks",
    "ranking",
    "tag",
    "tags",
    "star",
    "stars",
    "blacklist",
    "black_list",
    "whitelist",
    "white_list",
    "watchlist",
    "watch_list",
    "wanted_list",
    "suspect",
    "suspects",
    "suspicious",
    "key_person",
    "key_persons",
    "key_people",
    "key_youth",
    "key_youths",
    "special_group",
    "special_groups",
    "person_list",
    "list_of_persons",
    "list_of_people",
    "personal_risk",
    "risk_person",
    "risk_of_person",
    "credit_rating",
    "troublesome",
    "trustworthiness",
    "social_credit",
    "nationality",
    "ethnicity",
    "religion",
    "party_member",
    /* the body */
    "face",
    "faces",
    "facial",
    "gait",
    "iris",
    "fingerprint",
    "fingerprints",
    "voiceprint",
    "voiceprints",
    "biometric",
    "biometrics",
    "dna",
    /* vehicles, radios, papers */
    "plate",
    "plates",
    "number_plate",
    "licence_plate",
    "license_plate",
    "imei",
    "imsi",
    "msisdn",
    "mac_address",
    "wifi",
    "wi_fi",
    "bluetooth",
    "ssid",
    "device_id",
    "device_identifier",
    "phone_id",
    "phone_identifier",
    "identity_number",
    "identity_card",
    "id_number",
    "id_card",
    "passport_number",
    /* trails */
    "trail",
    "trails",
    "whereabouts",
    "position_history",
};
static const char *const chinese[] = {
    "评分",   "打分",     "积分", "星级",   "分级",       "人员等级", "信用分",   "标签",
    "黑名单", "白名单",   "名单", "重点人", "重点青少年", "特殊人群", "关注人员", "嫌疑",
    "缠访",   "闹访",     "可疑", "人脸",   "面部",       "步态",     "声纹",     "虹膜",
    "指纹",   "生物特征", "车牌", "号牌",   "串号",       "设备标识", "蓝牙",     "身份证",
    "护照号", "宗教",     "民族", "党员",   "轨迹",       "行踪",
};

#define REFUSED_TEXT_MAX (CASES_TEXT_BYTES_MAX + 2u)

/* "Licence-plate no." becomes "_licence_plate_no_". */
static struct str normal(struct str s, char memory[REFUSED_TEXT_MAX])
{
	size_t n = 0;

	memory[n++] = '_';
	for (size_t i = 0; i < s.n && n + 1 < REFUSED_TEXT_MAX; i++) {
		char c = s.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			memory[n++] = c;
		else if (memory[n - 1] != '_')
			memory[n++] = '_';
	}
	if (memory[n - 1] != '_')
		memory[n++] = '_';
	return (struct str){memory, n};
}

static bool has_word(struct str text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 1; i + n < text.n; i++)
		if (text.p[i - 1] == '_' && text.p[i + n] == '_' &&
		    memcmp(text.p + i, word, n) == 0)
			return true;
	return false;
}

static bool has_part(struct str text, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= text.n; i++)
		if (memcmp(text.p + i, part, n) == 0)
			return true;
	return false;
}

static struct str refused_in(struct str s)
{
	char memory[REFUSED_TEXT_MAX];
	struct str text = normal(s, memory);

	for (size_t i = 0; i < sizeof english / sizeof english[0]; i++)
		if (has_word(text, english[i]))
			return str_of(english[i]);
	for (size_t i = 0; i < sizeof chinese / sizeof chinese[0]; i++)
		if (has_part(s, chinese[i]))
			return str_of(chinese[i]);
	return STR("");
}

struct str refused_word(struct str name, const struct str words[LANG_COUNT])
{
	struct str found = refused_in(name);

	for (unsigned lang = 0; lang < LANG_COUNT && found.n == 0; lang++)
		found = refused_in(words[lang]);
	return found;
}

enum err refuse_words(const struct cases_name *name, const struct str words[LANG_COUNT],
		      struct cases_failure *failure)
{
	struct str found = refused_word(name->text, words);

	if (found.n == 0)
		return ERR_OK;
	return proof_fail(failure, 7, name, MSG_PROOF_REFUSED_WORD, &found, 1);
}

bool cases_kind_is_refused(struct str s)
{
	static const char *const kinds[] = {"list",   "person", "persons", "people",
					    "device", "voice",  "rating",  "label"};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (str_eq(s, str_of(kinds[i])))
			return true;
	return refused_in(s).n > 0;
}

static enum err refuse_choices(const struct cases_choice *choices, unsigned n,
			       struct cases_failure *failure)
{
	for (unsigned i = 0; i < n; i++)
		TRY(refuse_words(&choices[i].name, choices[i].words, failure));
	return ERR_OK;
}

/* The item and its field, and what they ask for. */
static enum err check_item(const struct cases_book *book, const struct cases_field *field,
			   struct cases_failure *failure)
{
	const struct named items =
	    NAMED(book->catalogue.items, book->catalogue.items_n, "catalogue.yaml");
	unsigned i = named_find(&items, field->item.text);

	if (i == CASES_NONE) {
		const struct str args[] = {field->item.text, STR("catalogue.yaml")};
		return proof_fail(failure, 7, &field->item, MSG_PROOF_NAME_UNKNOWN, args, 2);
	}
	const struct cases_item *item = &book->catalogue.items[i];
	const struct named rows = NAMED(item->fields, item->fields_n, "fields");
	if (named_find(&rows, field->item_field.text) == CASES_NONE) {
		const struct str args[] = {field->item_field.text, item->name.text};
		return proof_fail(failure, 7, &field->item_field, MSG_PROOF_ITEM_FIELD, args, 2);
	}
	if (field->is_personal && item->sensitivity_most < 2)
		return proof_fail(failure, 7, &field->item, MSG_PROOF_ITEM_CLASS, &item->name.text,
				  1);
	return ERR_OK;
}

/* Free text and pictures are always personal. About a person there is free text and who acted, and
 * nothing that could be compared: a number, a choice or a yes on a person is a grade by another
 * name. */
static enum err check_kind(const struct cases_field *field, struct cases_failure *failure)
{
	struct cases_name at = {field->name.text, field->kind_name.at, CASES_NONE};
	bool is_text = field->kind == CASES_FIELD_TEXT,
	     is_free = is_text || field->kind == CASES_FIELD_PHOTO;

	if (field->kind == CASES_FIELD_REFUSED)
		return proof_fail(failure, 7, &at, MSG_PROOF_REFUSED_KIND, &field->kind_name.text,
				  1);
	if (is_free && !field->is_personal)
		return proof_fail(failure, 7, &at, MSG_PROOF_NOT_PERSONAL, NULL, 0);
	if (field->about != CASES_ABOUT_PERSON)
		return ERR_OK;
	if (!is_text && field->kind != CASES_FIELD_ACTOR)
		return proof_fail(failure, 7, &at, MSG_PROOF_ON_A_PERSON, NULL, 0);
	if (!field->is_personal)
		return proof_fail(failure, 7, &at, MSG_PROOF_NOT_PERSONAL, NULL, 0);
	return ERR_OK;
}

enum err cases_prove_person(const struct cases_book *book, const struct cases_type *type,
			    struct cases_failure *failure)
{
	for (unsigned i = 0; i < type->fields_n; i++) {
		const struct cases_field *field = &type->fields[i];
		TRY(refuse_words(&field->name, field->words, failure));
		TRY(refuse_choices(field->choices, field->choices_n, failure));
		TRY(check_kind(field, failure));
		TRY(check_item(book, field, failure));
		/* policy answers by this list alone: an empty one would be no answer */
		if (field->is_personal && field->sees.n == 0)
			return proof_fail(failure, 7, &field->name, MSG_PROOF_NOBODY_SEES, NULL, 0);
	}
	for (unsigned i = 0; i < type->outcomes_n; i++)
		TRY(refuse_words(&type->outcomes[i].name, type->outcomes[i].words, failure));
	for (unsigned i = 0; i < type->states_n; i++)
		TRY(refuse_words(&type->states[i].name, type->states[i].words, failure));
	for (unsigned i = 0; i < type->questions_n; i++) {
		const struct cases_question *q = &type->questions[i];
		TRY(refuse_words(&q->name, q->words, failure));
		TRY(refuse_choices(q->answers, q->answers_n, failure));
	}
	return ERR_OK;
}
