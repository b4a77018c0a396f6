/* Masking of numbers in free text. All numbers are made up but for the two examples of GB 11643;
 * check digits come from a second computation. */
#include "test.h"

#include "cases/mask.h"

#include <stdio.h>
#include <string.h>

#define ROOM 4096u

static char memory[ROOM];

static struct str masked(struct str text, struct mask_counts *ret)
{
	struct buf out = buf_over(memory, MASK_GROWTH * text.n);

	assert_true(MASK_GROWTH * text.n <= ROOM);
	mask_text(text, &out, ret);
	assert_false(out.over);
	return buf_str(&out);
}

static void becomes(const char *text, const char *want)
{
	struct mask_counts counts;
	struct str got = masked(str_of(text), &counts);
	char z[ROOM];

	snprintf(z, sizeof z, "%.*s", (int)got.n, got.p);
	assert_string_equal(z, want);
	assert_int_equal(mask_total(&counts) > 0, strcmp(text, want) != 0);
}

static void stays(const char *text)
{
	becomes(text, text);
}

#define PLATE "〔号牌已遮盖〕"
#define PAPER "〔证件号已遮盖〕"
#define CARD "〔卡号已遮盖〕"

static void masks_plates(void **state)
{
	(void)state;
	becomes("粤B12345占了消防通道", PLATE "占了消防通道");
	becomes("车牌粤B·12345、粤B 12345和粤B-12345", "车牌" PLATE "、" PLATE "和" PLATE);
	becomes("粤Ｂ１２３４５", PLATE);
	becomes("粤b9k88d停在门口", PLATE "停在门口");
	becomes("新能源粤BD12345、粤B12345D", "新能源" PLATE "、" PLATE);
	becomes("粤 B D 1 2 3 4 5 堵路", PLATE " 堵路");
	becomes("粤Z·1234港和粤Z1234澳", PLATE "和" PLATE);
	becomes("粤B1234警、粤B1234学、粤B·1234挂、京A1234领",
		PLATE "、" PLATE "、" PLATE "、" PLATE);
	becomes("武警WJ粤1234X，WJ01-12345，部队VA·12345，军A·12345",
		"武警" PLATE "，" PLATE "，部队" PLATE "，" PLATE);
	becomes("The van 粤B12345 blocks the fire lane",
		"The van [plate masked] blocks the fire lane");
	becomes("粤B\xE2\x80\x8B"
		"12345",
		PLATE);
}

static void leaves_what_is_no_plate(void **state)
{
	(void)state;
	stays("京A座1203室，新B栋101");
	stays("更新APP后打不开");
	stays("新A12-305漏水");
	stays("粤B1234567");
	stays("川菜馆AB12345");
	stays("VA12345号电表");
}

/* ISO 7064 MOD 11-2 by its definition: multiply by two and add, from the left. */
static char mod_11_2(const char *digits17)
{
	unsigned p = 0;

	for (unsigned i = 0; i < 17; i++)
		p = (p + (unsigned)(digits17[i] - '0')) * 2 % 11;
	return "0123456789X"[(12 - p) % 11];
}

static void masks_identity_numbers(void **state)
{
	char text[64], spaced[64], wrong[64];
	const char *const bodies[] = {"44030519900101123", "11010519491231002", "81000019900230003",
				      "44052418800101001"};

	(void)state;
	becomes("身份证11010519491231002X，请查", "身份证" PAPER "，请查"); /* GB 11643, annex A */
	becomes("440524188001010014", PAPER);                               /* the same */
	for (unsigned i = 0; i < 4; i++) {
		char check = mod_11_2(bodies[i]);
		if (i == 2)
			continue; /* the 30th of February */
		snprintf(text, sizeof text, "我是%s%c。", bodies[i], check);
		becomes(text, "我是" PAPER "。");
		snprintf(text, sizeof text, "ID%s%c", bodies[i], check == 'X' ? 'x' : check);
		becomes(text, "ID[document number masked]");
		snprintf(spaced, sizeof spaced, "证%.6s %.8s %s%c", bodies[i], bodies[i] + 6,
			 bodies[i] + 14, check);
		becomes(spaced, "证" PAPER);
		snprintf(spaced, sizeof spaced, "证%.6s-%.8s-%s%c", bodies[i], bodies[i] + 6,
			 bodies[i] + 14, check);
		becomes(spaced, "证" PAPER);
		snprintf(wrong, sizeof wrong, "单%s%c", bodies[i], check == '1' ? '2' : '1');
		stays(wrong);
	}
	snprintf(text, sizeof text, "证%s%c", bodies[2], mod_11_2(bodies[2]));
	stays(text);
	becomes("４４０５２４１８８００１０１００１４", PAPER);
	becomes("老证440305900101123", "老证" PAPER);
	stays("老证440305901301123"); /* month 13 */
	becomes("香港身份证A123456(3)和C668668（E）", "香港身份证" PAPER "和C668668（E）");
	stays("A123456(4)");
}

static void masks_passports(void **state)
{
	(void)state;
	becomes("护照E12345678", "护照" PAPER);
	becomes("EA1234567丢在楼下", PAPER "丢在楼下");
	becomes("通行证号码：C12345678", "通行证号码：" PAPER);
	becomes("My Passport is 123456789", "My Passport is [document number masked]");
	stays("设备编号C12345678");
	stays("护照丢了，请打26861234或13800138000");
}

static void masks_cards(void **state)
{
	(void)state;
	becomes("押金打到6222021234567894", "押金打到" CARD);
	becomes("押金打到6222 0212 3456 7894！", "押金打到" CARD "！");
	stays("押金单号6222021234567895");
	becomes("refund to 4111 1111 1111 1111 please now",
		"refund to [card number masked] please now");
}

static void leaves_other_numbers(void **state)
{
	(void)state;
	/* the component's number would pass as a card: its check digit is right by chance */
	stays("房屋编码4403050020050100012000000");
	stays("4403050020 05010 0012000000");
	stays("社区440305002005，部件L-03-017，灯杆4403050102000122");
	stays("电话13800138000、0755-26861234、+86 138 0013 8000");
	stays("已打110和12345，工单20231127001234567");
	stays("2023-11-27 2023-11-28 10:30");
	stays("22.5434567, 113.9123456");
	stays("");
}

static void counts_and_says(void **state)
{
	struct mask_counts counts;
	char told[256];
	struct buf out = buf_over(told, sizeof told);

	(void)state;
	(void)masked(STR("粤B12345和粤B54321，11010519491231002X，E12345678，6222021234567894"),
		     &counts);
	assert_int_equal(counts.of[MASK_PLATE], 2);
	assert_int_equal(counts.of[MASK_IDENTITY], 1);
	assert_int_equal(counts.of[MASK_PASSPORT], 1);
	assert_int_equal(counts.of[MASK_CARD], 1);
	mask_put_told(&counts, LANG_EN, &out);
	assert_string_equal(buf_z(&out),
			    "Numbers in the text were masked and are not kept: plates 2, "
			    "document numbers 2, card numbers 1");
}

/* What the first walk leaves must not look like a number to a second one. */
static void masks_once(void **state)
{
	static const char *const texts[] = {"粤B 123 AB440524188001010014",
					    "粤B12345X440524188001010014",
					    "440524188001010014440524188001010014",
					    "E12345678E12345678",
					    "E12345678 C12345678",
					    "粤B12345粤B54321",
					    "6222021234567894 440524188001010014 粤B12345"};
	char first[ROOM];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct mask_counts counts;
		struct str got = masked(str_of(texts[i]), &counts);
		memcpy(first, got.p, got.n);
		struct str again = masked((struct str){first, got.n}, &counts);
		assert_int_equal(mask_total(&counts), 0);
		assert_true(str_eq(again, (struct str){first, got.n}));
	}
}

static void knows_its_marks(void **state)
{
	(void)state;
	assert_int_equal(mask_mark_at(STR("在" PLATE "旁"), 3), strlen(PLATE));
	assert_int_equal(mask_mark_at(STR("a [plate masked]"), 2), 14);
	assert_int_equal(mask_mark_at(STR("〔号牌〕"), 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(masks_plates),
	    cmocka_unit_test(leaves_what_is_no_plate),
	    cmocka_unit_test(masks_identity_numbers),
	    cmocka_unit_test(masks_passports),
	    cmocka_unit_test(masks_cards),
	    cmocka_unit_test(leaves_other_numbers),
	    cmocka_unit_test(counts_and_says),
	    cmocka_unit_test(masks_once),
	    cmocka_unit_test(knows_its_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
