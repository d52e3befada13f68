/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that may stand in command position: builtins of POSIX shells and bash, the applets of busybox, and the
 * programs of a Debian, RHEL or Windows server; told apart by how often prose holds the same word.
 */
#include "control/extract/word.h"

#include <string.h>

/* Words parted by blanks, by their first letter. */
struct word_list {
	const char *of['z' - 'a' + 1];
};

/* Is it a word of the list? */
static bool listed(const struct word_list *list, struct bytes name)
{
	const char *words = name.left > 0 && name.at[0] >= 'a' && name.at[0] <= 'z' ? list->of[name.at[0] - 'a'] : NULL;

	while (words != NULL) {
		const char *end = strchr(words, ' ');
		size_t len = end != NULL ? (size_t)(end - words) : strlen(words);

		if (len == name.left && memcmp(words, name.at, len) == 0)
			return true;
		words = end != NULL ? end + 1 : NULL;
	}
	return false;
}

static const struct word_list prose = { {
	['a' - 'a'] = "as at",
	['b' - 'a'] = "batch bind break bridge",
	['c' - 'a'] = "case clear column comm command continue cut",
	['d' - 'a'] = "date deal do done",
	['e' - 'a'] = "enable env expand export expr",
	['f' - 'a'] = "factor false file find fold for free function",
	['g' - 'a'] = "groups",
	['h' - 'a'] = "halt hash head help history host",
	['i' - 'a'] = "if in install ip",
	['j' - 'a'] = "jobs join",
	['k' - 'a'] = "kill",
	['l' - 'a'] = "last less let link local logger login logout look",
	['m' - 'a'] = "mail make man mesg more mount",
	['n' - 'a'] = "nice nl node",
	['o' - 'a'] = "open",
	['p' - 'a'] = "parallel paste patch pr",
	['r' - 'a'] = "read reboot reset resize return rev route",
	['s' - 'a'] = "screen script select seq service set shift shred shutdown size sort source split stat strings "
		"suspend sync",
	['t' - 'a'] = "tail test then time times top touch trap true type",
	['u' - 'a'] = "units until up users",
	['w' - 'a'] = "w wait wall watch which while who write",
	['y' - 'a'] = "yes",
} };

static const struct word_list words = { {
	['a' - 'a'] = "alias apt ar arch awk",
	['b' - 'a'] = "bash bc bg builtin bundle",
	['c' - 'a'] = "cal cat cd chat chattr cmp cp cpan crash csh",
	['d' - 'a'] = "dash dc dd declare dialog diff dig dir dirs disown",
	['e' - 'a'] = "ed eject eval exec exit",
	['f' - 'a'] = "fg finger fuser",
	['g' - 'a'] = "gdb gem git go gunzip gzip",
	['i' - 'a'] = "id ifup init irb",
	['j' - 'a'] = "java jobs journalctl jq",
	['l' - 'a'] = "ls lua",
	['m' - 'a'] = "man mknod mv",
	['n' - 'a'] = "nano nc nm node npm",
	['o' - 'a'] = "od",
	['p' - 'a'] = "perl php pico ping pip pkg ps pwd python",
	['r' - 'a'] = "rm rpm rsync ruby",
	['s' - 'a'] = "screen sed set sh sleep snap ss ssh su sudo sum swift",
	['t' - 'a'] = "tac tar tee telnet tor tput tr ts",
	['u' - 'a'] = "unset",
	['v' - 'a'] = "vi vim",
	['w' - 'a'] = "wc",
	['x' - 'a'] = "xxd",
	['z' - 'a'] = "zip zsh",
} };

static const struct word_list programs = { {
	['a' - 'a'] = "addgroup adduser apache2 apache2ctl apk apt-cache apt-get arp arping ash awk",
	['b' - 'a'] = "b2sum base32 base64 basename bashbug blkid bunzip2 busybox bzcat bzip2",
	['c' - 'a'] = "c99 catchsegv cc certutil chage chcon chcpu chgrp chkconfig chmod chown chpasswd chroot chsh chvt "
		"cksum cmake composer cpio cpulimit crictl crond crontab csplit ctr curl",
	['d' - 'a'] = "dbclient debugfs depmod df dhclient diff3 dircolors dirname dmesg dnf dnsdomainname doas docker "
		"domainname dos2unix dpkg dpkg-deb dropbear dstat du dumpkmap",
	['e' - 'a'] = "easy_install echo egrep envsubst epmd ethtool ex",
	['f' - 'a'] = "fallocate fdisk fgrep fincore findmnt firewall-cmd flock fmt fsck fstrim ftp ftpget ftpput",
	['g' - 'a'] = "g++ gawk gcc gcore getcap getconf getenforce getent getfacl getopt getopts getty gimp ginsh git "
		"gpasswd gpg grep groupadd groupmod gtester",
	['h' - 'a'] = "hd hexdump host hostid hostname hostnamectl hping3 htop httpd hwclock",
	['i' - 'a'] = "iconv ifconfig ifdown iftop insmod ionice iotop ip6tables ipcalc ipcs ipneigh iptables",
	['j' - 'a'] = "journalctl jrunscript",
	['k' - 'a'] = "kexec killall klogd kmod ksh ksshell kubectl",
	['l' - 'a'] = "ldconfig ldd lftp ln locale locate logname logsave losetup lsblk lscpu lsmod lsns lsof lspci lsusb "
		"ltrace lwp-download lwp-request lynx lzma",
	['m' - 'a'] = "mawk md5sum mkdir mkfifo mkfs mkpasswd mkswap mktemp modinfo modprobe mongo mongosh mpstat mtr "
		"mysql mysqladmin mysqldump",
	['n' - 'a'] = "nasm nawk ncat ncdu ncftp neofetch net-tools netcat netplan netstat nft nginx ngrep nice nmap nmcli "
		"nohup nproc nsenter nslookup nuke numfmt",
	['o' - 'a'] = "objdump openssl openvpn opkg",
	['p' - 'a'] = "pacman passwd pathchk pdksh perl5 pgrep php-cgi php5 php7 php8 pidof ping6 pinky pip3 pkexec pkill "
		"pldd popd poweroff printenv printf prlimit psql pstree ptrace ptx puppet pushd python2 python3",
	['r' - 'a'] = "rake rbash rcp readarray readelf readlink readonly realpath renice restic rexec rlogin rlwrap rmdir "
		"rmmod rscript rsh ruby run-parts runcon runuser rvim",
	['s' - 'a'] = "sash scapy scp sdiff sendmail sestatus setarch setcap setenforce setfacl setpriv setsid sftp "
		"sha1sum sha224sum sha256sum sha384sum sha512sum shopt shuf smbclient smbget snmpwalk socat sqlite3 ssh-keygen "
		"ssh-keyscan sshd sshpass start-stop-daemon stdbuf strace strings stty sulogin svn swapoff swapon sysctl syslogd "
		"systemctl systemd-run",
	['t' - 'a'] = "tailf tarsnap task taskset tclsh tcpdump tcsh terraform tftp tftpd timedatectl timeout tmux "
		"traceroute traceroute6 troff truncate tshark tty tunctl typeset",
	['u' - 'a'] = "udhcpc ulimit umask umount unalias uname uncompress unexpand uniq unix2dos unlink unlzma unshare "
		"unxz unzip unzstd updatedb uptime useradd userdel usermod usleep uudecode uuencode",
	['v' - 'a'] = "valgrind vdir view vigr vimdiff vipw virsh visudo vmstat",
	['w' - 'a'] = "watchdog wget whereis whiptail whoami whois",
	['x' - 'a'] = "xargs xmodmap xz xzcat",
	['y' - 'a'] = "yarn yum",
	['z' - 'a'] = "zcat zcmp zegrep zgrep zless zstd zypper",
} };

static const struct word_list windows = { {
	['b' - 'a'] = "bcdedit bitsadmin",
	['c' - 'a'] = "certutil cmd cmdkey cscript",
	['f' - 'a'] = "findstr forfiles fsutil",
	['i' - 'a'] = "icacls ipconfig",
	['m' - 'a'] = "mshta msiexec",
	['n' - 'a'] = "netsh nltest",
	['p' - 'a'] = "powershell pwsh",
	['q' - 'a'] = "quser qwinsta",
	['r' - 'a'] = "regsvr32 rundll32",
	['s' - 'a'] = "schtasks systeminfo",
	['t' - 'a'] = "takeown taskkill tasklist",
	['v' - 'a'] = "vssadmin",
	['w' - 'a'] = "wevtutil wmic wscript",
} };

bool command_is_windows(struct bytes name)
{
	static const char ending[] = ".exe";
	uint8_t folded[32];
	size_t len = name.left;

	/* behind a drive and folders only the end is looked at, as their backslashes are read away */
	bool folder = name.left > 2 && name.at[1] == ':';

	if (len > sizeof(ending) - 1 &&
	    bytes_equal_fold(bytes_of(name.at + len - sizeof(ending) + 1, sizeof(ending) - 1), bytes_text(ending)))
		len -= sizeof(ending) - 1;
	else if (folder)
		return false;
	for (size_t at = folder ? 2 : 0; at + 1 < len; at++) {
		if (len - at < sizeof(folded)) {
			for (size_t i = at; i < len; i++)
				folded[i - at] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] + 32 : name.at[i];
			if (listed(&windows, bytes_of(folded, len - at)))
				return true;
		}
		if (!folder)
			break;
	}
	return false;
}

enum command_rank command_rank(struct bytes name)
{
	if (name.left == 0)
		return RANK_NONE;
	if (command_is_windows(name))
		return name.left == 3 ? RANK_WORD : RANK_PROGRAM;
	if (listed(&programs, name))
		return RANK_PROGRAM;
	if (listed(&words, name))
		return RANK_WORD;
	return listed(&prose, name) ? RANK_PROSE : RANK_NONE;
}
