/* Normal forms, numbers, tokens; and what a place may hold. */
#include "test.h"

#include "place/place.h"
#include "place/text.h"

#include <stdio.h>

static void assert_text(struct str got, const char *want)
{
	char z[512];

	snprintf(z, sizeof z, "%.*s", (int)got.n, got.p);
	assert_string_equal(z, want);
}

static void normal(const char *text, const char *want)
{
	char memory[256];
	struct buf b = buf_over(memory, sizeof memory);

	text_normalise(str_of(text), &b);
	assert_false(b.over);
	assert_text(buf_str(&b), want);
}

static void normalises(void **state)
{
	(void)state;
	normal("  白石洲　二坊８号 ", "白石洲 二坊8号");
	normal("ＡＢ－１２", "ab 12");
	normal("Musée Océanographique", "musee oceanographique");
	normal("Œuvre, Straße; Ångström × 2", "oeuvre strasse angstrom 2");
	normal("Avenue Saint-Martin", "avenue saint martin");
	normal("e\xCC\x81tage", "etage");
	normal("（南门）", "南门");
	normal("---", "");
	normal("Ρέθυμνο", "Ρέθυμνο");
}

static void numbers_to(const char *text, const char *want)
{
	char memory[256];
	struct buf b = buf_over(memory, sizeof memory);
	bool changed = text_numbers(str_of(text), &b);

	assert_text(buf_str(&b), want);
	assert_int_equal(changed, strcmp(text, want) != 0);
}

static void numbers(void **state)
{
	(void)state;
	numbers_to("十二栋三单元", "12栋3单元");
	numbers_to("一〇二室", "102室");
	numbers_to("二十楼", "20楼");
	numbers_to("一百零三号", "103号");
	numbers_to("一百二十三号", "123号");
	numbers_to("三十五层", "35层");
	/* not a number of an address, or not told for sure */
	numbers_to("五一路三里", "五一路三里");
	numbers_to("一百二号", "一百二号");
	numbers_to("二十三四号", "二十三四号");
	numbers_to("号", "号");
	numbers_to("8号", "8号");
}

static void tokens_of(const char *text, const char *want)
{
	char memory[512];
	struct buf b = buf_over(memory, sizeof memory);
	struct text_cursor c = {.text = str_of(text)};
	struct str t;

	while (text_next_token(&c, &t)) {
		buf_put_str(&b, t);
		buf_put_char(&b, '|');
	}
	assert_text(buf_str(&b), want);
}

static void tokens(void **state)
{
	char word[200];
	struct text_cursor c = {.text = {word, sizeof word}};
	struct str t;

	(void)state;
	tokens_of("白石洲", "白石|石洲|洲|");
	tokens_of("白石洲 8号 avenue7", "白石|石洲|洲|8|号|avenue7|");
	tokens_of("a\nb", "a|b|");
	tokens_of("", "");
	memset(word, 'x', sizeof word);
	assert_true(text_next_token(&c, &t));
	assert_int_equal(t.n, TEXT_TOKEN_BYTES_MAX);
	assert_false(text_next_token(&c, &t));
}

static void has(void **state)
{
	struct str n = STR("白石洲 13栋 musee oceano\n8号");

	(void)state;
	assert_true(text_has(n, STR("石洲")));
	assert_true(text_has(n, STR("13栋")));
	assert_false(text_has(n, STR("3栋")));
	assert_true(text_has(n, STR("ocea")));
	assert_false(text_has(n, STR("ceano")));
	assert_true(text_has(n, STR("8")));
	assert_false(text_has(n, STR("洲白")));
	assert_false(text_has(n, STR("")));
}

static void tables(void **state)
{
	enum place_kind kind;
	enum place_field field;

	(void)state;
	for (unsigned i = 0; i < PLACE_FIELD_COUNT; i++) {
		const struct place_field_info *f = place_field_info((enum place_field)i);
		if (i > 0) /* an entry's keys ascend */
			assert_true(
			    strcmp(place_field_info((enum place_field)(i - 1))->name, f->name) < 0);
		assert_in_range(f->item, 1, 25);
		assert_true(place_field_find(str_of(f->name), &field));
		assert_int_equal(field, i);
	}
	assert_true(place_kind_find(STR("stair"), &kind));
	assert_int_equal(kind, PLACE_STAIR);
	assert_false(place_kind_find(STR("person"), &kind));
	assert_true(place_kind_may_hang(PLACE_ROOM, PLACE_BUILDING));
	assert_true(place_kind_may_hang(PLACE_AREA, PLACE_AREA));
	assert_true(place_kind_may_hang(PLACE_DEVICE, PLACE_COMPONENT));
	assert_false(place_kind_may_hang(PLACE_BUILDING, PLACE_ROOM));
	assert_false(place_kind_may_hang(PLACE_BUILDING, PLACE_GRID));
	assert_false(place_kind_may_hang(PLACE_ROOM, PLACE_ROOM));
	assert_true(house_code_ok(STR("4403050020050100012000101")));
	assert_false(house_code_ok(STR("440305002005010001200010")));
}

static void refused(const struct place *p, const char *field, enum msg msg)
{
	struct problem problem = {0};

	assert_int_not_equal(place_check(p, &problem), ERR_OK);
	assert_string_equal(problem.field, field);
	assert_int_equal(problem.msg, msg);
}

static void checks(void **state)
{
	static struct geo_point many[PLACE_POINTS_MAX + 1];
	static char long_text[300];
	struct geo_ring ring = {many, PLACE_POINTS_MAX + 1};
	struct problem problem = {0};
	struct place p = {.kind = PLACE_DEVICE,
			  .ext = STR("t:1"),
			  .valid_from = PLACE_DAY_OPEN,
			  .valid_until = PLACE_DAY_OPEN};

	(void)state;
	assert_ok(place_check(&p, &problem));
	/* what a camera has, only a camera has */
	assert_ok(place_set_field(&p, PLACE_FIELD_FOOTAGE_DAYS, STR("30"), &problem));
	refused(&p, "footage_days", MSG_PLACE_FIELD_OF_KIND);
	assert_ok(place_set_field(&p, PLACE_FIELD_DEVICE_KIND, STR(" camera "), &problem));
	assert_ok(place_check(&p, &problem));
	assert_ok(place_set_field(&p, PLACE_FIELD_SIGN_UP, STR("是"), &problem));
	assert_int_equal(p.field[PLACE_FIELD_SIGN_UP].n, 1);
	assert_ok(place_set_field(&p, PLACE_FIELD_CONTRACT_END, STR("2027-03-31"), &problem));
	assert_int_equal(p.field[PLACE_FIELD_CONTRACT_END].n, 20908);
	assert_err(place_set_field(&p, PLACE_FIELD_CONTRACT_END, STR("2027-02-30"), &problem),
		   ERR_BAD_INPUT);
	assert_err(place_set_field(&p, PLACE_FIELD_SIGN_UP, STR("perhaps"), &problem),
		   ERR_BAD_INPUT);
	assert_string_equal(problem.field, "sign_up");
	assert_ok(place_set_field(&p, PLACE_FIELD_AVAILABILITY_PERMILLE, STR("1001"), &problem));
	refused(&p, "availability_permille", MSG_PLACE_VALUE);
	assert_ok(place_set_field(&p, PLACE_FIELD_AVAILABILITY_PERMILLE, STR("995"), &problem));
	assert_ok(place_check(&p, &problem));
	p.code = 440305000005;
	refused(&p, "code", MSG_PLACE_CODE);
	p.code = 0;
	p.valid_from = 10;
	p.valid_until = 9;
	refused(&p, "valid_until", MSG_PLACE_DAYS);
	p.valid_until = 10;
	memset(long_text, 'x', sizeof long_text);
	p.field[PLACE_FIELD_NAME] = (struct place_value){true, 0, {long_text, 241}};
	refused(&p, "name", MSG_CONFIG_TEXT_LONG);
	p.field[PLACE_FIELD_NAME].text = STR("a\nb");
	refused(&p, "name", MSG_PLACE_CONTROL);
	p.field[PLACE_FIELD_NAME].text = STR("\xFF");
	refused(&p, "name", MSG_PLACE_NOT_UTF8);
	p.field[PLACE_FIELD_NAME].text = STR("南门摄像头");
	p.has_at = true;
	p.shape = (struct geo_shape){GEO_AREA, &ring, 1};
	refused(&p, "shape", MSG_PLACE_POINTS);
	ring.n = 2;
	refused(&p, "shape", MSG_PLACE_SHAPE);
	ring.n = 3;
	assert_ok(place_check(&p, &problem));
	p.at.lat_e7 = 900000001;
	refused(&p, "at", MSG_PLACE_POSITION);
}

static void search_text(void **state)
{
	char memory[PLACE_SEARCH_BYTES_MAX];
	struct buf b = buf_over(memory, sizeof memory);
	struct place p = {.kind = PLACE_BUILDING, .alias_n = 1, .alias[0] = STR("老榕树楼")};

	(void)state;
	p.field[PLACE_FIELD_NAME] = (struct place_value){true, 0, STR("八一楼")};
	p.field[PLACE_FIELD_ADDRESS] = (struct place_value){true, 0, STR("白石洲二坊８号")};
	place_search_text(&p, &b);
	assert_text(buf_str(&b), "八一楼\n81楼\n白石洲二坊8号\n老榕树楼\n");
	assert_text(place_title(&p), "八一楼");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normalises), cmocka_unit_test(numbers), cmocka_unit_test(tokens),
		cmocka_unit_test(has),        cmocka_unit_test(tables),  cmocka_unit_test(checks),
		cmocka_unit_test(search_text),
	};

	return cmocka_run_group_tests_name("place_text", tests, NULL, NULL);
}
