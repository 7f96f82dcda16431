"""A servo on GPIO 18 that opens a barrier for one label: python3 servo.py FOLDER LABEL"""

import sys

from gpiozero import AngularServo
from see import Model, pictures

folder, label, *source = sys.argv[1:]
model = Model(folder)
servo = AngularServo(18, initial_angle=-90)
for picture in pictures(*source):
    servo.angle = 90 if model.answer(picture)[label] > 0.8 else -90
