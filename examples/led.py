"""An LED on GPIO 17 that is on while the model is sure of one label: python3 led.py FOLDER LABEL"""

import sys

from gpiozero import LED
from see import Model, pictures

folder, label, *source = sys.argv[1:]
model = Model(folder)
led = LED(17)
for picture in pictures(*source):
    led.value = model.answer(picture)[label] > 0.8
