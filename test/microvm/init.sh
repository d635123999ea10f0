#!/bin/busybox sh
# The first process of the guest. The kernel's first root cannot be pivoted away from: a bind of it can.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mkdir -p /proc /sys /dev /tmp /root /mnt/root
mount --bind / /mnt/root
cd /mnt/root
mount --move . /
exec chroot . /init.second
