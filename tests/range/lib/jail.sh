#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# jail.sh ROOT LAB NAME COMMAND…: runs in namespaces of its own (mount, pid, uts, ipc, network) and leaves this machine's files
# behind: the Debian root read-only under a layer in memory, the range's own files read-only, the truth alone writable.
# ROOT: the Debian root. LAB: a folder in memory with app/ (what is served), lib/, truth/NAME.
set -euo pipefail
root=$1 lab=$2 name=$3; shift 3
mount --make-rprivate /
layer=$lab/jail/$name
mkdir -p "$layer"
mount -t tmpfs -o size=3g,mode=755 jail "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay -o "lowerdir=$root,upperdir=$layer/upper,workdir=$layer/work" overlay "$layer/root"
cd "$layer/root"
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t tmpfs -o mode=755,nosuid dev dev
for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
	IFS=: read -r node major minor <<<"$device"
	mknod -m 666 "dev/$node" c "$major" "$minor"
done
mkdir -m 1777 dev/shm
ln -s /proc/self/fd dev/fd; ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr
mkdir -p srv/range run/truth
mount --bind "$lab/app" srv/range
mount -o remount,bind,ro srv/range
mount --bind "$lab/truth/$name" run/truth
rm -f etc/hosts etc/resolv.conf etc/nsswitch.conf
cp "$lab/etc/hosts" "$lab/etc/resolv.conf" "$lab/etc/nsswitch.conf" etc/
hostname "$name"; printf '%s\n' "$name" >etc/hostname
mkdir .machine
pivot_root . .machine
umount -l /.machine
rmdir /.machine
# what a server may do as root inside: nothing that reaches the machine
exec setpriv --bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+sys_ptrace \
	--inh-caps=-all /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root "$@"
