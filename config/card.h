/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports that are PCI cards: without Konseki's hands on them they are the kernel's, and somebody must hand them over. */
#ifndef CONFIG_CARD_H
#define CONFIG_CARD_H

#include "config/settings.h"

/* Is its device a PCI address, no vdev? */
bool port_is_card(const struct port_setting *);
/* Is it one of two that packets go through? */
bool port_is_paired_card(const struct port_setting *);
/* Does any pair have a card? Then the dataplane takes its ports only when konseki-bypass lets it. */
bool cards_in_pairs(const struct settings *);

#endif
