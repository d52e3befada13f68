<?php echo "<p>Unser Team: Brandt, Yildiz, Okoro.</p>";
