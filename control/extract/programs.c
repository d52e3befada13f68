/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that may stand in command position: builtins of POSIX shells and bash, the applets of busybox, and the
 * programs of a Debian, RHEL or Windows server; told apart by how often prose holds the same word.
 */
#include "control/extract/word.h"

#include <string.h>

/* Is it a word of one blank-separated list? */
static bool listed(const char *list, struct bytes name)
{
	const char *end = list + strlen(list), *at = list;

	if (memchr(name.at, ' ', name.left) != NULL)
		return false;
	while ((at = memmem(at, (size_t)(end - at), name.at, name.left)) != NULL) {
		if ((at == list || at[-1] == ' ') && (at + name.left == end || at[name.left] == ' '))
			return true;
		at++;
	}
	return false;
}

static const char prose[] =
	"at as batch bind break bridge case clear column command comm continue cut date deal do done enable env "
	"expand expr export factor false file find fold for free function groups halt hash head help history host "
	"if in install ip jobs join kill last less let link local logger login logout look mail make man mesg more "
	"mount nice nl node open parallel paste patch pr read reboot reset resize return rev route screen script seq "
	"select service set shift shred shutdown size sort source split stat strings suspend sync tail test then time "
	"times top touch trap true type units until up users w wait wall watch which while who write yes";

static const char words[] =
	"alias apt ar arch awk bash bc bg builtin bundle cal cat cd chat chattr cmp cp cpan crash csh dash dc dd "
	"declare dialog diff dig dir dirs disown ed eject eval exec exit fg finger fuser gdb gem git go gunzip "
	"gzip id ifup init irb java jobs journalctl jq lua ls man mknod mv nc nano nm node npm od perl php pico ping "
	"pip pkg ps pwd python ruby rm rpm rsync ruby screen sed set sh sleep snap ss ssh su sudo sum swift tac tar tee "
	"telnet tor tput tr ts unset vi vim wc xxd zip zsh";

static const char programs[] =
	"curl wget echo printf addgroup adduser apache2 apache2ctl apk apt-cache apt-get arp arping ash awk b2sum base32 base64 basename "
	"bashbug blkid bunzip2 busybox bzcat bzip2 c99 catchsegv cc certutil chage chcon chcpu chgrp chkconfig chmod "
	"chown chpasswd chroot chsh chvt cksum cmake composer cpio cpulimit crictl crond crontab csplit ctr dbclient "
	"debugfs depmod df dhclient diff3 dircolors dirname dmesg dnf dnsdomainname docker doas domainname dos2unix dpkg "
	"dpkg-deb dropbear dstat du dumpkmap easy_install egrep envsubst epmd ethtool ex fallocate fdisk fgrep fincore "
	"findmnt firewall-cmd flock fmt ftpget ftpput fsck fstrim ftp g++ gawk gcc gcore getcap getconf getenforce getent "
	"getfacl getopt getopts getty gimp ginsh git gpasswd gpg grep groupadd groupmod gtester hd hexdump host hostid "
	"hostname hostnamectl hping3 htop httpd hwclock iconv iftop ifconfig ifdown insmod ionice iotop ip6tables "
	"iptables ipcalc ipcs ipneigh journalctl jrunscript kexec killall klogd kmod ksh ksshell kubectl ldconfig ldd "
	"lftp ln locale locate logname logsave losetup lscpu lsblk lsmod lsns lsof lspci lsusb ltrace lwp-download "
	"lwp-request lynx lzma mawk md5sum mkdir mkfifo mkfs mkpasswd mkswap mktemp modinfo modprobe mongo mongosh mpstat "
	"mtr mysql mysqladmin mysqldump nasm nawk ncat ncdu ncftp neofetch net-tools netcat netplan netstat nft nginx "
	"ngrep nice nmap nmcli nohup nproc nsenter nslookup nuke numfmt objdump openssl openvpn opkg pacman passwd "
	"pathchk pdksh perl5 pgrep php-cgi php5 php7 php8 pidof ping6 pinky pip3 pkexec pkill pldd popd poweroff "
	"printenv prlimit psql ptx pushd puppet python2 python3 pstree ptrace rcp rake rbash readarray readelf "
	"readlink readonly realpath renice restic rexec rlogin rlwrap rmdir rmmod rsh rscript ruby run-parts runcon "
	"runuser rvim sash scp scapy sdiff sendmail sestatus setarch setcap setenforce setfacl setpriv setsid sftp sha1sum "
	"sha224sum sha256sum sha384sum sha512sum shopt shuf smbclient smbget snmpwalk socat sqlite3 ssh-keygen ssh-keyscan "
	"sshd sshpass start-stop-daemon stdbuf strace strings stty sulogin svn swapoff swapon sysctl syslogd systemctl "
	"systemd-run tailf tarsnap task taskset tclsh tcpdump tcsh terraform tftp tftpd timedatectl timeout tmux traceroute "
	"traceroute6 troff truncate tshark tty tunctl typeset udhcpc ulimit umask umount unalias uname uncompress unexpand "
	"uniq unix2dos unlink unlzma unshare unxz unzip unzstd updatedb uptime useradd userdel usermod usleep uudecode "
	"uuencode valgrind vdir view vigr vimdiff vipw virsh visudo vmstat watchdog whereis whiptail whoami whois xargs "
	"xmodmap xz xzcat yarn yum zcat zcmp zegrep zgrep zless zstd zypper";

static const char windows[] =
	"cmd powershell pwsh certutil bitsadmin mshta rundll32 regsvr32 msiexec wmic ipconfig systeminfo tasklist taskkill schtasks netsh "
	"cscript wscript vssadmin wevtutil fsutil icacls takeown forfiles findstr nltest bcdedit cmdkey quser qwinsta";

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
			if (listed(windows, bytes_of(folded, len - at)))
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
	if (listed(programs, name))
		return RANK_PROGRAM;
	if (listed(words, name))
		return RANK_WORD;
	return listed(prose, name) ? RANK_PROSE : RANK_NONE;
}
