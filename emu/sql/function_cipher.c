/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MySQL's aes_encrypt() and aes_decrypt() as they are by default: AES-128, block by block, the key folded into 16 bytes. */
#include "emu/sql/function.h"

#include <errno.h>
#include <nettle/aes.h>
#include <string.h>

static void fold_key(struct bytes key, uint8_t to[AES128_KEY_SIZE])
{
	memset(to, 0, AES128_KEY_SIZE);
	for (size_t i = 0; i < key.left; i++)
		to[i % AES128_KEY_SIZE] ^= key.at[i];
}

static int encrypt(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	size_t size = a[0].s.left / AES_BLOCK_SIZE * AES_BLOCK_SIZE + AES_BLOCK_SIZE;
	uint8_t key[AES128_KEY_SIZE], *room;
	struct aes128_ctx c;
	int e = text_room(r, size, &room);

	(void)f;
	(void)count;
	if (e < 0)
		return e;
	memset(room, (int)(size - a[0].s.left), size); /* PKCS#7 */
	if (a[0].s.left > 0)
		memcpy(room, a[0].s.at, a[0].s.left);
	fold_key(a[1].s, key);
	aes128_set_encrypt_key(&c, key);
	aes128_encrypt(&c, size, room, room);
	*ret = sql_value_bytes(bytes_of(room, size));
	return 0;
}

static int decrypt(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	size_t size = a[0].s.left;
	uint8_t key[AES128_KEY_SIZE], *room;
	struct aes128_ctx c;
	int e = text_room(r, size, &room);

	(void)f;
	(void)count;
	*ret = value_null(TYPE_BYTES);
	if (e < 0 || size == 0 || size % AES_BLOCK_SIZE != 0)
		return e;
	fold_key(a[1].s, key);
	aes128_set_decrypt_key(&c, key);
	aes128_decrypt(&c, size, room, a[0].s.at);
	if (room[size - 1] >= 1 && room[size - 1] <= AES_BLOCK_SIZE)
		*ret = sql_value_bytes(bytes_of(room, size - room[size - 1]));
	return 0;
}

static const struct function list[] = {
	{ "aes_encrypt", IN_MYSQL, "tt", TYPE_BYTES, 0, encrypt }, { "aes_decrypt", IN_MYSQL, "tt", TYPE_BYTES, 0, decrypt },
};

const struct function_table functions_cipher = { list, COUNT_OF(list) };
