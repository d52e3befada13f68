<?php echo '<P>Vista tarifas del puerto.</P>';
