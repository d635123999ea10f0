#!/bin/busybox sh
# What systemd does on Debian 12 before it starts a service, in short: the unified hierarchy at its place, with the
# service in a leaf group that holds processes.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t cgroup2 -o nsdelegate,memory_recursiveprot cgroup2 /sys/fs/cgroup
hostname guest
# A message of the kernel would break a line of ours in two; a panic is still shown.
dmesg -n 1
ip link set lo up
for module in /modules/*; do
  case $module in *-brd.ko) options='rd_nr=1 rd_size=196608' ;; *) options= ;; esac
  insmod "$module" $options
done

# A disk, for its owners can be mapped: this kernel cannot map those of files in memory. Not a loop device, whose memory
# counts against who writes.
mkfs.ext4 -q /dev/ram0
mount -t ext4 /dev/ram0 /tmp

groups=/sys/fs/cgroup
echo '+cpu +memory +pids' >$groups/cgroup.subtree_control
mkdir -p $groups/system.slice/kaji.service
echo '+cpu +memory +pids' >$groups/system.slice/cgroup.subtree_control
echo $$ >$groups/system.slice/kaji.service/cgroup.procs

echo "microvm: $(uname -r) up after $(cut -d' ' -f1 /proc/uptime) s"
KAJI_NATIVE_DIR=/native node /guest.mjs
echo "microvm: exit $? after $(cut -d' ' -f1 /proc/uptime) s"
exec reboot -f
