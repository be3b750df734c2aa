# SPDX-License-Identifier: LGPL-2.1-or-later
"""What --guest says, and what xl is told."""

from support import TestCase
from xenlablib.errors import LabError
from xenlablib.guests import Guest, parse_guest, xl_config


class Parse(TestCase):
    def test_type_alone_has_the_defaults(self):
        self.assertEqual(parse_guest("pv"), Guest("pv", 160, 1))

    def test_settings_come_in_any_order(self):
        self.assertEqual(parse_guest("pvh:vcpus=3,mem=256"), Guest("pvh", 256, 3))

    def test_bad_text_is_named(self):
        for text, word in (("xen", "'xen'"), ("", "''"), ("pv:mem=0", "'mem=0'"),
                           ("pv:mem=", "'mem='"), ("pv:mem=-1", "'mem=-1'"),
                           ("pv:disk=3", "'disk=3'"), ("pvh:vcpus=two", "'vcpus=two'")):
            with self.subTest(text), self.assertRaisesRegex(LabError, f"--guest {text}: .*{word}"):
                parse_guest(text)


class Config(TestCase):
    def settings(self, number, guest):
        return dict(line.split(" = ", 1) for line in xl_config(number, guest).splitlines())

    def test_pv_guest_boots_the_guest_kernel_on_the_xen_console(self):
        found = self.settings(2, Guest("pv", 200, 3))
        self.assertEqual(found["name"], '"g2"')
        self.assertEqual((found["memory"], found["vcpus"], found["type"]), ("200", "3", '"pv"'))
        self.assertEqual(found["kernel"], '"/boot/guest-kernel"')
        self.assertIn("console=hvc0", found["extra"])
        self.assertIn("xenlab=2", found["extra"])

    def test_guest_of_a_machine_with_an_iommu_may_be_given_devices(self):
        for kind, wanted in (("pv", '"enabled"'), ("hvm", '"enabled"'), ("pvh", None)):
            with self.subTest(kind):
                found = self.settings(1, Guest(kind, 200, 1, passthrough=True))
                self.assertEqual(found.get("passthrough"), wanted)
        self.assertNotIn("passthrough", self.settings(1, Guest("pv", 200, 1)))

    def test_each_guest_has_a_network_of_its_own(self):
        vifs = [self.settings(number, Guest("pv", 1, 1))["vif"] for number in (1, 2)]
        self.assertIn("ip=10.99.1.2", vifs[0])
        self.assertIn("ip=10.99.2.2", vifs[1])
        self.assertNotEqual(*[vif.split("mac=")[1][:17] for vif in vifs])

    def test_hvm_guest_boots_a_bzimage_and_logs_its_serial_port(self):
        found = self.settings(1, Guest("hvm", 200, 1))
        self.assertEqual(found["kernel"], '"/boot/guest-bzimage"')
        self.assertEqual(found["serial"], '"file:/var/log/xen/console/guest-g1.log"')
        # Each character on an emulated serial port costs an exit: quiet, or it takes minutes.
        self.assertLessEqual({"console=ttyS0", "quiet"}, set(found["extra"].strip('"').split()))
